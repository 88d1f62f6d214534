using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>Finds models that are deployed twice: the original by another item of the project, or one compressed model under two names.</summary>
/// <param name="project">The absolute path of the project.</param>
internal sealed class DeploymentCheck(string project)
{
    /// <summary>The name of the metadata that holds the item type of an item.</summary>
    public const string ItemType = "ModelBuildItemType";

    private readonly string _folder = Path.GetDirectoryName(project) ?? "";

    /// <summary>Finds models whose original is also deployed, and files that are deployed to the path of a compressed model.</summary>
    /// <param name="items">The project's items of other kinds that are .onnx files.</param>
    /// <param name="requests">The models.</param>
    public IEnumerable<ModelProblem> Originals(IEnumerable<ITaskItem> items, IReadOnlyList<ModelRequest> requests)
    {
        foreach (var item in items.Where(item => item.GetMetadata("ModelBuildPackaged") != "true"))
        {
            if (Effect(item) is not { } effect)
                continue;
            var path = Paths.Absolute(_folder, item.ItemSpec);
            var type = item.GetMetadata(ItemType);
            var target = Target(item, path);
            if (requests.FirstOrDefault(request => Deploys(request, target)) is { } replaced)
                yield return new ModelProblem(
                    Codes.ClassNameTaken,
                    path,
                    $"The {type} item '{item.ItemSpec}' is copied to '{target}', which is the path of the compressed model of {replaced.Id}. "
                        + $"Give the item another Link or TargetPath, or the OnnxModel item '{replaced.ModelDisplay}' another ClassName."
                );
            else if (requests.FirstOrDefault(request => request.Model == path && request.Deploy != "none") is { } request)
                yield return new ModelProblem(
                    Codes.DeployedTwice,
                    path,
                    $"The model is deployed twice: the {type} item '{item.ItemSpec}' {effect}, and {request.Id} loads the compressed '{request.DeployPath}'. "
                        + $"Remove the {type} item to deploy the compressed model only. {Without(item, request)}",
                    ProblemLevel.Warning
                );
        }
    }

    /// <summary>Finds models that are compressed identically for two classes.</summary>
    /// <param name="requests">The models with their calibration data.</param>
    public static IEnumerable<ModelProblem> Twins(IEnumerable<ModelRequest> requests) =>
        requests
            .Where(request => request.Deploy != "none")
            .GroupBy(Compression)
            .Where(group => group.Count() > 1)
            .Select(group => new ModelProblem(
                Codes.DeployedTwice,
                group.First().Model,
                $"The model is deployed {(group.Count() == 2 ? "twice" : group.Count() + " times")} with the same options, as "
                    + $"'{string.Join("' and '", group.Select(request => request.DeployPath))}'. Remove one of the OnnxModel items, "
                    + $"or set Deploy=\"none\" on it and call {group.Last().Id}.Load(path).",
                ProblemLevel.Note
            ));

    // Returns the values that determine the compressed file of a model. Two models with equal values have the same compressed file. The labels are not among
    // the values, because they affect the verification and not the bytes of the file.
    private static (string, string, string) Compression(ModelRequest request) =>
        (RequestJson.Write(request with { Labels = null }, Affects.Compression), request.Deploy, string.Join(";", request.Providers));

    private string Without(ITaskItem item, ModelRequest request)
    {
        // A linked model from outside the project becomes a model through an item of another kind, so it has no OnnxModel item that the user could remove.
        var isInside = Paths.IsInside(_folder, request.Model);
        return "To deploy the original only, set Deploy=\"none\" on the OnnxModel item; "
            + (isInside ? $"<OnnxModel Remove=\"{item.ItemSpec}\" />" : "the property EnableDefaultOnnxModelItems=false")
            + " also removes the class.";
    }

    /// <summary>Returns a text that states whether an item embeds, copies or packs its file; null if the item does none of these.</summary>
    private static string? Effect(ITaskItem item)
    {
        if (item.GetMetadata(ItemType) is not ("None" or "Content"))
            return "embeds the original in the application";
        foreach (var name in new[] { "CopyToOutputDirectory", "CopyToPublishDirectory" })
            if (MetadataCheck.Copies(item.GetMetadata(name)))
                return $"copies the original ({name}=\"{item.GetMetadata(name)}\")";
        return item.GetMetadata("Pack").Trim().Equals("true", StringComparison.OrdinalIgnoreCase) ? "packs the original (Pack=\"true\")" : null;
    }

    private string Target(ITaskItem item, string path) =>
        new[] { item.GetMetadata("TargetPath"), item.GetMetadata("Link") }.FirstOrDefault(text => text.Length > 0)?.Replace('\\', '/')
        ?? (Paths.IsInside(_folder, path) ? Paths.Relative(_folder, path) : Path.GetFileName(path));

    private static bool Deploys(ModelRequest request, string path) =>
        request.Deploy == "copy" && request.Outputs.Any(output => output.DeployPath.Equals(path, StringComparison.OrdinalIgnoreCase));
}
