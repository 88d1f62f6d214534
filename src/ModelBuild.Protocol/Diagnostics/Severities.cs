namespace ModelBuild.Protocol;

/// <summary>Specifies the severities that a diagnostic can have, which can be combined.</summary>
[Flags]
internal enum Severities
{
    /// <summary>The diagnostic has no severity.</summary>
    None = 0,

    /// <summary>The build fails.</summary>
    Error = 1,

    /// <summary>The build succeeds, but its result is probably not the intended one.</summary>
    Warning = 2,

    /// <summary>The build succeeds, and the message is information.</summary>
    Message = 4,
}
