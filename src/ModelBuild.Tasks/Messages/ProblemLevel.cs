namespace ModelBuild.Tasks.Messages;

/// <summary>Specifies the severity of a problem.</summary>
internal enum ProblemLevel
{
    /// <summary>The model cannot be built.</summary>
    Error,

    /// <summary>The model is built, but the result is probably not the intended one.</summary>
    Warning,

    /// <summary>The model is built, and the message is information.</summary>
    Note,
}
