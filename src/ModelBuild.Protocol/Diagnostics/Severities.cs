namespace ModelBuild.Protocol;

/// <summary>How severe a diagnostic may be.</summary>
[Flags]
internal enum Severities
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The build fails.</summary>
    Error = 1,

    /// <summary>The build succeeds, and its result is probably not what was meant.</summary>
    Warning = 2,

    /// <summary>The build succeeds, and something about its result is good to know.</summary>
    Message = 4,
}
