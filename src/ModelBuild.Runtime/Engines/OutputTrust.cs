namespace ModelBuild.Runtime.Engines;

/// <summary>Where an output's shape may be taken from before a run, so that it is written straight into a buffer of ours.</summary>
internal enum OutputTrust
{
    /// <summary>From the signature.</summary>
    Declared,

    /// <summary>From an earlier run on inputs of the same shapes.</summary>
    Seen,

    /// <summary>From nowhere: it depends on what the inputs hold.</summary>
    None,
}
