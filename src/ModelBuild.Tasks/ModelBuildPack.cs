using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.Packing;
using ModelBuild.Tasks.State;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// Adds the models of a library to its package: one copy of each model for all target frameworks in <c>models/</c>, and
/// <c>buildTransitive/&lt;PackageId&gt;.targets</c>, which copies them to the output of projects that use the package.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildPack : Task
{
    /// <summary>Gets or sets the compressed models of all target frameworks, with <c>TargetPath</c>.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Gets or sets the other files of the package.</summary>
    public ITaskItem[] PackageFiles { get; set; } = [];

    /// <summary>Gets or sets the name of the package.</summary>
    [Required]
    public string PackageId { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the folder in obj for the targets file.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Gets the files that this task adds to the package.</summary>
    [Output]
    public ITaskItem[] Packed { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        var messages = new BuildMessages(Log, BuildMode.Build);
        var models = Models
            .GroupBy(item => item.GetMetadata("TargetPath"), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        foreach (
            var group in models.Where(group =>
                group.Select(item => item.ItemSpec).Distinct().Skip(1).Any(other => !PackedModels.IsSame(group.First().ItemSpec, other))
            )
        )
            messages.Problem(
                Codes.DifferentModels,
                Project,
                $"'{group.Key}' differs between target frameworks, and a package contains one copy for all. "
                    + $"Give the item the same metadata in each, or another ClassName."
            );
        if (Log.HasLoggedErrors)
            return false;

        var own = PackedModels.OwnTargets(PackageFiles, PackageId);
        var name = own is null ? PackageId + ".targets" : PackageId + ".ModelBuild.targets";
        if (own is not null && !PackedModels.Imports(own, name))
            messages.Warning(
                Codes.OwnTargets,
                own,
                "The package has targets of its own, which NuGet imports instead of ModelBuild's, so its users get no models. "
                    + $"Add <Import Project=\"$(MSBuildThisFileDirectory)../buildTransitive/{name}\" /> to '{Path.GetFileName(own)}'."
            );

        Directory.CreateDirectory(Folder);
        var targets = Path.Combine(Folder, name);
        SharedFile.Write(targets, PackedModels.Targets(models.Select(group => group.Key)));
        Packed = [.. models.Select(group => PackageFile(Copy(group.First().ItemSpec), group.Key)), PackageFile(targets, "buildTransitive/" + name)];
        return true;
    }

    // Copies a model to another path for the package. NuGet omits a path that any Content item excludes with Pack="false", and in a project with one target
    // framework the deployed model is such an item.
    private string Copy(string model)
    {
        var copy = Path.Combine(Folder, Path.GetFileName(model));
        if (!File.Exists(copy) || !PackedModels.IsSame(model, copy))
            File.Copy(model, copy, overwrite: true);
        return copy;
    }

    private static TaskItem PackageFile(string path, string packagePath)
    {
        var item = new TaskItem(Escaped.Of(path));
        item.SetMetadata("PackagePath", Escaped.Of(packagePath));
        item.SetMetadata("BuildAction", "None");
        item.SetMetadata("Pack", "true");
        return item;
    }
}
