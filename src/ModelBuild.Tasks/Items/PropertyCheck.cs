using System.Xml;
using System.Xml.Linq;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>
/// Finds misspelt properties in the project file, in Directory.Build.props and on the command line. These sources are searched, because MSBuild does not pass a
/// list of all properties to tasks.
/// </summary>
internal static class PropertyCheck
{
    private const string Prefix = "ModelBuild";

    /// <summary>The known names of properties, without the prefix <c>ModelBuild</c>.</summary>
    private static readonly string[] _known =
    [
        .. ItemMetadata.All.Where(field => !field.IsItemOnly).Select(field => field.Name),
        "Target",
        "Train",
        "CacheDirectory",
        "CacheSize",
        "RemoteCache",
        "RemoteCachePush",
        "RemoteCacheVerify",
        "PackModels",
        "ToolPath",
        "TasksAssembly",
        "DotnetHost",
        "DependsOn",
    ];

    /// <summary>Returns a warning for each property whose name is similar to a known one, but unknown.</summary>
    /// <param name="files">The absolute paths of project files; missing files are skipped.</param>
    /// <param name="commandLine">The names of the properties on the command line.</param>
    /// <param name="project">The absolute path of the project.</param>
    public static IEnumerable<ModelProblem> Problems(IEnumerable<string> files, IEnumerable<string> commandLine, string project) =>
        files
            .SelectMany(file => Properties(file).Select(name => (name, file)))
            .Concat(commandLine.Select(name => (name, file: project)))
            .Where(property => property.name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .GroupBy(property => property.name, StringComparer.OrdinalIgnoreCase)
            .Select(group => (group.First().file, remedy: Remedy(group.Key.Substring(Prefix.Length)), name: group.Key))
            .Where(found => found.remedy is not null)
            .Select(found => new ModelProblem(
                Codes.UnknownMetadata,
                found.file,
                $"The property {found.name} has no effect. {found.remedy}",
                ProblemLevel.Warning
            ));

    // Returns the remedy for an unknown property that is similar to a known one. Any other property may belong to the project.
    private static string? Remedy(string name) =>
        _known.Contains(name, StringComparer.OrdinalIgnoreCase) ? null
        : ItemMetadata.All.FirstOrDefault(field => field.IsItemOnly && field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } field
            ? $"{field.Name} is different for each model. Set it as metadata of an OnnxModel item."
        : NearestName.Of(name, _known) is { } near ? $"Did you mean '{Prefix}{near}'?"
        : null;

    private static IEnumerable<string> Properties(string file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            var properties = XDocument.Load(file).Descendants().Where(element => element.Parent?.Name.LocalName == "PropertyGroup");
            return [.. properties.Select(element => element.Name.LocalName)];
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            // The file cannot be read, which MSBuild itself reports.
            return [];
        }
    }
}
