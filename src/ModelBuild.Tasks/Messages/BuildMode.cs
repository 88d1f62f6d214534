namespace ModelBuild.Tasks.Messages;

/// <summary>Specifies the kind of a build.</summary>
public enum BuildMode
{
    /// <summary>A full build, which updates all results.</summary>
    Build,

    /// <summary>The build of an editor, which updates signatures only and reports errors as warnings.</summary>
    DesignTime,

    /// <summary>A build with <c>--no-build</c>, which uses the results of an earlier build. A missing result is an error.</summary>
    NoBuild,
}
