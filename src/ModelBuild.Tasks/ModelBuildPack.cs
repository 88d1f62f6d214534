using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.Packing;
using ModelBuild.Tasks.State;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// What a library's package carries for its models: one copy of each for all target frameworks under <c>models/</c>, and
/// <c>buildTransitive/&lt;PackageId&gt;.targets</c> that copies them into the output of whoever uses the package.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildPack : Task
{
    /// <summary>The compressed models of all target frameworks, with <c>TargetPath</c>.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>What the project packs besides.</summary>
    public ITaskItem[] PackageFiles { get; set; } = [];

    /// <summary>The package's name.</summary>
    [Required]
    public string PackageId { get; set; } = "";

    /// <summary>The absolute path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>The absolute folder in obj for the targets file.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Files for the package.</summary>
    [Output]
    public ITaskItem[] Packed { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        var messages = new BuildMessages(Log, StageMode.Build);
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
                $"'{group.Key}' differs between target frameworks; a package holds one copy for all. "
                    + "Give the item the same metadata in each, or a ClassName of its own."
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
                    + "Add <Import Project=\"$(MSBuildThisFileDirectory)../buildTransitive/{name}\" /> to '{Path.GetFileName(own)}'."
            );

        Directory.CreateDirectory(Folder);
        var targets = Path.Combine(Folder, name);
        SharedFile.Write(targets, PackedModels.Targets(models.Select(group => group.Key)));
        Packed = [.. models.Select(group => PackageFile(Copy(group.First().ItemSpec), group.Key)), PackageFile(targets, "buildTransitive/" + name)];
        return true;
    }

    // Where the project has one target framework, pack runs in the instance that deployed the model as Content with Pack="false", and NuGet leaves files of
    // that path out, whoever names them. A copy has a path of its own.
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
