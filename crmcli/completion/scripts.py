"""The scripts that teach a shell to ask for completion.

They hand over the line as it was typed and insert what comes back; nothing that comes back is ever evaluated.
"""

from pathlib import Path

_BASH = """\
# Completion of NAME for bash 3.2 and later.
_FUNCTION() {
    local line directive=
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $directive ]]; then
            directive=$line
        else
            COMPREPLY+=("$line")
        fi
    done < <("$1" __complete bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" "$COMP_TYPE" 2>/dev/null)
    compopt -o nosort 2>/dev/null
    case $directive in
        files) compopt -o default 2>/dev/null ;;
        nospace) compopt -o nospace 2>/dev/null ;;
    esac
    return 0
}
complete -F _FUNCTION NAME
"""

_ZSH = """\
#compdef NAME
# Completion of NAME for zsh.
_FUNCTION() {
    local output directive line
    local -a values shown after
    output=$("${(Q)words[1]}" __complete zsh "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null)
    for line in "${(@f)output}"; do
        if [[ -z $directive ]]; then
            directive=$line
        else
            values+=("${line%%$'\\t'*}")
            shown+=("${line//$'\\t'/  }")
        fi
    done
    case $directive in
        files) _files; return ;;
        nospace) after=(-S '') ;;
    esac
    (( $#values )) || return 1
    compadd -U -V NAME -l -d shown "${after[@]}" -a values
    if [[ $directive == list ]] && (( $#values > 1 )); then
        compstate[insert]=
        compstate[list]='list force'
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _FUNCTION "$@"
else
    compdef _FUNCTION NAME
fi
"""

_FISH = """\
# Completion of NAME for fish.
function _FUNCTION
    set -l program (commandline -opc)[1]
    set -l lines ($program __complete fish (commandline -cp | string collect) 2>/dev/null)
    if test "$lines[1]" = files
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $lines[2..-1]
    end
end
complete -c NAME -f -k -a '(_FUNCTION)'
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def script(shell: str, name: str) -> str:
    """The script for a shell; `name` is how the program is called: crm or crmcli."""
    return SCRIPTS[shell].replace("FUNCTION", f"{name}_complete").replace("NAME", name)


def activation(shell: str, path: Path) -> str:
    """What else a person has to do, after the script was installed."""
    if shell == "bash":
        return f"new shells load it through the package bash-completion; without that, add to ~/.bashrc: . '{path}'"
    if shell == "zsh":
        return f"add to ~/.zshrc, before compinit: fpath+=('{path.parent}')"
    return "new shells load it by themselves"
