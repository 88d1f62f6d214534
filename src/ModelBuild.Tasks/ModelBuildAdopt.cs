using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// Finds models that a project links from outside its folder (<c>&lt;None Include="../shared/m.onnx" Link="m.onnx" /&gt;</c>). Models of packages are not
/// adopted, and models inside the folder are found by the default items.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildAdopt : Task
{
    /// <summary>Gets or sets the candidates: the .onnx files among the None and Content items.</summary>
    [Required]
    public ITaskItem[] Linked { get; set; } = [];

    /// <summary>Gets or sets the <c>OnnxModel</c> items.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Gets or sets the folders that packages are restored to, separated by semicolons.</summary>
    public string PackageFolders { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Gets the candidates that are models of the project.</summary>
    [Output]
    public ITaskItem[] Adopted { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        var folder = Path.GetDirectoryName(Project) ?? "";
        string[] others = [folder, .. PackageFolders.Split(';').Where(path => path.Length > 0).Select(path => Paths.Absolute(folder, path))];
        var known = new HashSet<string>(Models.Select(item => Paths.Absolute(folder, item.ItemSpec)), StringComparer.Ordinal);
        Adopted =
        [
            .. Linked
                .Where(item =>
                    item.GetMetadata("ModelBuildPackaged") != "true"
                    && Paths.Absolute(folder, item.ItemSpec) is var path
                    && !others.Any(other => Paths.IsInside(other, path))
                    && known.Add(path)
                )
                .Select(item => new TaskItem(item)),
        ];
        foreach (var item in Adopted)
            item.SetMetadata(ForeignMetadata.AdoptedItem, "true");
        return true;
    }
}
