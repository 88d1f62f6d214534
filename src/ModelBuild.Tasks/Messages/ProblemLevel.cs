namespace ModelBuild.Tasks.Messages;

/// <summary>How bad a problem is.</summary>
internal enum ProblemLevel
{
    /// <summary>The model cannot be built.</summary>
    Error,

    /// <summary>The model is built, and probably not as it was meant.</summary>
    Warning,

    /// <summary>The model is built, and something about it is good to know.</summary>
    Note,
}
