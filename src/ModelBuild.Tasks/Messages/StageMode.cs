namespace ModelBuild.Tasks.Messages;

/// <summary>What kind of build asks.</summary>
public enum StageMode
{
    /// <summary>A real build: everything is brought up to date.</summary>
    Build,

    /// <summary>The build of an editor: signatures only, quickly, and what goes wrong is a warning.</summary>
    DesignTime,

    /// <summary><c>--no-build</c>: what an earlier build made is used, and its absence is an error.</summary>
    NoBuild,
}
