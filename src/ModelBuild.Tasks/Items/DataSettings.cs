using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>Finds the files of data that an item names, and the files beside its model that replace data.</summary>
/// <param name="project">The absolute path of the project file.</param>
/// <param name="item">An <c>OnnxModel</c> item.</param>
/// <param name="options">The settings of the item.</param>
internal sealed class DataSettings(string project, ITaskItem item, ItemOptions options)
{
    private readonly string _projectFolder = Path.GetDirectoryName(project) ?? "";

    /// <summary>Returns the files of data that a setting names, in ordinal order.</summary>
    /// <param name="field">The setting.</param>
    /// <param name="problem">A file, folder or glob of the setting that finds nothing; null if there is none.</param>
    public IReadOnlyList<string> Find(ItemField field, out ModelProblem? problem)
    {
        var (files, unmatched) = FileGlob.Expand(_projectFolder, options[field] ?? "");
        problem = unmatched.Count == 0 ? null : new ModelProblem(Codes.CalibrationData, project, WhyNot(field, unmatched));
        return files;
    }

    /// <summary>Returns the path of the calibration file beside the model; null if there is none.</summary>
    public static string? CalibrationFile(string model) => Existing(Path.ChangeExtension(model, ".calibration.json"));

    /// <summary>Returns the path of the file with trained values that the item names, or of the one beside the model; null if there is neither.</summary>
    public string? TrainedFile(string model) =>
        options.Own(ItemMetadata.TrainedFile) is { } own ? Paths.Absolute(_projectFolder, own) : Existing(Path.ChangeExtension(model, ".trained.safetensors"));

    /// <summary>Returns the command that writes the trained values, which a user types in the folder of the project.</summary>
    /// <param name="model">The absolute path of the model.</param>
    /// <param name="recipe">The absolute path of the recipe file; null if there is none.</param>
    /// <param name="target">The target of the recipe.</param>
    public string TrainCommand(string model, string? recipe, string target) =>
        TrainCommandLine.Of(
            Paths.Relative(_projectFolder, model),
            [
                recipe is null ? ("--compression", options.Value(ItemMetadata.Compression)) : ("--recipe", Paths.Relative(_projectFolder, recipe)),
                .. Data("--training-data", options[ItemMetadata.TrainingData] ?? (options[ItemMetadata.CalibrationData] is null ? "FILES" : null)),
                .. Data("--validation-data", options[ItemMetadata.ValidationData]),
                .. Data("--calibration-data", options[ItemMetadata.CalibrationData]),
                ("--max-accuracy-loss", options[ItemMetadata.MaxAccuracyLoss]),
                ("--min-sqnr", options[ItemMetadata.MinSqnr]),
                ("--fidelity", options[ItemMetadata.Fidelity]),
                ("--target", target == Targets.Default ? null : target),
                ("--output", options.Own(ItemMetadata.TrainedFile)),
            ]
        );

    private string WhyNot(ItemField field, IReadOnlyList<string> unmatched) =>
        unmatched.FirstOrDefault(entry => Directory.Exists(Paths.Absolute(_projectFolder, entry))) is { } folder
            ? $"{field.Name} of '{item.ItemSpec}', '{folder}': {DataFolder.Needed(Paths.Absolute(_projectFolder, folder))}."
            : $"{field.Name} of '{item.ItemSpec}' names no file: '{string.Join("', '", unmatched)}' (looked in '{_projectFolder}').";

    private static IEnumerable<(string Name, string? Value)> Data(string option, string? list) =>
        TrainCommandLine.Repeated(option, (list ?? "").Split(';').Select(entry => entry.Trim().Replace('\\', '/')).Where(entry => entry.Length > 0));

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
