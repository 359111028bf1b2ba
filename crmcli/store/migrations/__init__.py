"""The steps from each schema to the next, run by `crmcli.store.migrate`."""
