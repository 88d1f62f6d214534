using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>Finds unknown metadata of <c>OnnxModel</c> items: misspelt names, and metadata of other item types.</summary>
/// <param name="project">The absolute path of the project.</param>
/// <param name="defaults">The item with the project's properties as metadata.</param>
internal sealed class MetadataCheck(string project, ITaskItem defaults)
{
    private static readonly string[] Copied = ["Always", "PreserveNewest", "IfDifferent"];

    private readonly string _folder = Path.GetDirectoryName(project) ?? "";

    /// <summary>Returns whether a value of <c>CopyToOutputDirectory</c> copies the file.</summary>
    public static bool Copies(string value) => Copied.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the problems of metadata, one for each name, regardless of the number of items that have it.</summary>
    /// <param name="items">The <c>OnnxModel</c> items.</param>
    /// <param name="requests">The requests of these items.</param>
    public IEnumerable<ModelProblem> Problems(IEnumerable<ITaskItem> items, IReadOnlyList<ModelRequest> requests)
    {
        var found = items.SelectMany(item => Problems(item, requests)).GroupBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var group in found)
        {
            var (_, problem) = group.First();
            var others = group.Count() - 1;
            yield return others == 0 ? problem : problem with { Text = $"{problem.Text} ({others} more {(others == 1 ? "item has" : "items have")} it.)" };
        }
    }

    private IEnumerable<(string Name, ModelProblem Problem)> Problems(ITaskItem item, IReadOnlyList<ModelRequest> requests)
    {
        var isAdopted = item.GetMetadata(ForeignMetadata.AdoptedItem) == "true";
        foreach (var name in item.CloneCustomMetadata().Keys.Cast<string>().OrderBy(name => name, StringComparer.Ordinal))
        {
            var value = item.GetMetadata(name).Trim();
            // Metadata that an adopted item has for its own item type is not a fault, unless its name is similar to a setting of ModelBuild.
            if (value.Length == 0 || IsKnown(name) || (isAdopted && NearestName.Of(name, ItemMetadata.AllNames) is null))
                continue;
            yield return (name, new ModelProblem(Codes.UnknownMetadata, project, Unknown(item, name, value), ProblemLevel.Warning));
        }

        if (!isAdopted && requests.FirstOrDefault(request => request.Model == Paths.Absolute(_folder, item.ItemSpec)) is { } model)
            foreach (var (name, text, level) in Ignored(item, model))
            {
                var written = $"{name}=\"{item.GetMetadata(name).Trim()}\" of '{item.ItemSpec}'";
                yield return (name, new ModelProblem(Codes.UnknownMetadata, project, $"{written} has no effect: {text}", level));
            }
    }

    private static bool IsKnown(string name) => ItemMetadata.AllNames.Contains(name, StringComparer.OrdinalIgnoreCase) || ForeignMetadata.Contains(name);

    private static string Unknown(ITaskItem item, string name, string value)
    {
        var remedy =
            name.Equals("Target", StringComparison.OrdinalIgnoreCase) ? "Set the property ModelBuildTarget, which applies to all models of the project."
            : name.Equals("Train", StringComparison.OrdinalIgnoreCase) ? "Set the property ModelBuildTrain, which applies to all models of the project."
            : Nearest(name) is { } near ? $"Did you mean '{near}'?"
            : $"The metadata of OnnxModel items are: {string.Join(", ", ItemMetadata.AllNames)}.";
        return $"The metadata {name}=\"{value}\" of '{item.ItemSpec}' is unknown and has no effect. {remedy}";
    }

    // Returns the known setting that is nearest to an unknown name, or contains that name: CalibrationData for Calibration, and MinSqnr for Sqnr.
    private static string? Nearest(string name) =>
        NearestName.Of(name, ItemMetadata.AllNames)
        ?? ItemMetadata.AllNames.FirstOrDefault(setting => name.Length > 3 && setting.IndexOf(name, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>Returns metadata of other item types whose value contradicts what the build does.</summary>
    private IEnumerable<(string Name, string Text, ProblemLevel Level)> Ignored(ITaskItem item, ModelRequest request)
    {
        var copies = request.Deploy == "copy";
        foreach (var name in new[] { "CopyToOutputDirectory", "CopyToPublishDirectory" })
            if (item.GetMetadata(name).Trim() is { Length: > 0 } value && Copies(value) != copies)
                yield return (
                    name,
                    copies
                        ? $"the compressed model is copied to '{request.DeployPath}'. Deploy=\"none\" excludes it."
                        : $"Deploy is '{request.Deploy}'. Deploy=\"copy\" copies the compressed model.",
                    ProblemLevel.Warning
                );
        // Editors use Link to show a file from another folder, so Link is ignored for such a file only.
        string[] places = Paths.IsInside(_folder, request.Model) ? ["Link", "TargetPath", "LogicalName"] : ["TargetPath", "LogicalName"];
        var place = copies
            ? $"the compressed model is copied to '{request.DeployPath}', where the class finds it. {request.Id}.Load(path) loads a model from another path."
            : $"the compressed model is the resource '{request.DeployPath}', where the class finds it.";
        foreach (var name in places.Where(name => request.Deploy != "none" && item.GetMetadata(name).Trim().Length > 0))
            yield return (name, place, name == "Link" ? ProblemLevel.Note : ProblemLevel.Warning);
        if (defaults.GetMetadata("OutputType") != "Library" || !copies)
            yield break;
        if (item.GetMetadata("Pack").Trim().Equals("false", StringComparison.OrdinalIgnoreCase))
            yield return (
                "Pack",
                "a package contains the models that its classes load. ModelBuildPackModels=false excludes all of them.",
                ProblemLevel.Warning
            );
        if (item.GetMetadata("PackagePath").Trim().Length > 0)
            yield return (
                "PackagePath",
                $"a package contains the compressed model as '{request.DeployPath}', and its users get it from there.",
                ProblemLevel.Warning
            );
    }
}
