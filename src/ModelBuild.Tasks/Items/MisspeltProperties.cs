namespace ModelBuild.Tasks.Items;

/// <summary>Finds properties of a project file that begin with <c>ModelBuild</c> and are a few keystrokes from one that exists.</summary>
internal static class MisspeltProperties
{
    private const string Prefix = "ModelBuild";

    private static readonly string[] _known =
    [
        "Compression", "Recipe", "CalibrationData", "MaxAccuracyLoss", "MinSqnr", "MaxSize", "Providers", "Target", "Namespace", "Access", "Labels", "Deploy",
        "Stages", "CacheDirectory", "PackModels", "ToolPath", "TasksAssembly", "DotnetHost", "DependsOn", "ClassName", "Fidelity", "State",
    ];

    /// <summary>The properties as written, with the name that was probably meant.</summary>
    /// <param name="project">The absolute path of the project file.</param>
    public static IReadOnlyList<(string Written, string Meant)> Find(string project) =>
        [.. ProjectElements.Unconditional(project)
            .Where(element => element.Parent?.Name.LocalName == "PropertyGroup" && element.Name.LocalName.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(element => element.Name.LocalName)
            .Where(name => !_known.Contains(name.Substring(Prefix.Length), StringComparer.OrdinalIgnoreCase))
            .Select(name => (name, near: NearNames.Of(name.Substring(Prefix.Length), _known)))
            .Where(pair => pair.near.Count > 0)
            .Select(pair => (pair.name, Prefix + pair.near[0]))];
}
