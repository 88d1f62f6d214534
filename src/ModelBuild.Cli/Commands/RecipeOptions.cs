using System.CommandLine;
using ModelBuild.Cli.Data;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Cli.Reports;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Cli.Commands;

/// <summary>Provides the options of the commands that run a recipe on a model.</summary>
internal sealed class RecipeOptions
{
    public Option<string?> Compression { get; } =
        new("--compression") { Description = "auto (default), none, or steps from the list below, in order.", HelpName = "STEPS" };

    public Option<string?> Recipe { get; } =
        new("--recipe") { Description = "A recipe file instead of steps. Default: <model>.recipe.json beside the model, if it exists.", HelpName = "FILE" };

    public Option<string[]> CalibrationData { get; } = SharedOptions.Data("--calibration-data");

    public Option<string[]> TrainingData { get; } =
        new("--training-data")
        {
            Description = "Typical inputs that training steps learn from, with or without labels, in the same formats. Default: the calibration data.",
            HelpName = "GLOB",
        };

    public Option<string[]> ValidationData { get; } =
        new("--validation-data") { Description = "Inputs that choose the best state of a training. Default: a part of the training data.", HelpName = "GLOB" };

    public Option<bool> Resume { get; } =
        new("--resume") { Description = "Continue a training that was interrupted. The options and the data have to be the same." };

    public Option<string> MaxAccuracyLoss { get; } = SharedOptions.MaxAccuracyLoss();

    public Option<string> MinSqnr { get; } = SharedOptions.MinSqnr();

    public Option<string> Fidelity { get; } = SharedOptions.Fidelity();

    public DescriptionOptions Descriptions { get; } = new();

    public Option<string?> Target { get; } =
        new("--target") { Description = $"The target of the recipe: {string.Join(", ", TargetProfile.All)}. Default: {TargetProfile.Default}." };

    public Option<bool> NoVerify { get; } =
        new("--no-verify")
        {
            Description = "Do not compare the result with the original. This is faster, but the fidelity of the result is unknown. Needs named steps.",
        };

    public Option<bool> Verbose { get; } =
        new("--verbose", "-v") { Description = "Print each candidate and trial on standard error: its counted work, its result, and why it was dropped." };

    /// <summary>Gets the options that choose the recipe and its data.</summary>
    public IEnumerable<Option> OfRecipe =>
        [Compression, Recipe, CalibrationData, TrainingData, ValidationData, .. Descriptions.All, Resume, MaxAccuracyLoss, MinSqnr, Fidelity];

    /// <summary>Returns the request to run the recipe on a model, in which training steps are allowed.</summary>
    /// <exception cref="CompressionException">An option has a wrong value, or names files that do not exist.</exception>
    public CompressionRequest Read(ParseResult parseResult, string model, string output, CancellationToken cancellationToken)
    {
        var given = FileGlobs.Expand(parseResult.GetValue(CalibrationData) ?? [], "calibration");
        var calibration = Prepare(given);
        var choice = ChooseRecipe(parseResult.GetValue(Compression), parseResult.GetValue(Recipe), model);
        var described = calibration.Count > 0 ? null : Descriptions.Find(parseResult, model, cancellationToken);
        return new CompressionRequest(model, output)
        {
            Recipe = choice.Recipe,
            Use = DataPattern.Of(given, "") is { } data ? new UseFacts(Class: null, data) : null,
            Folder = choice.Folder(""),
            CalibrationData = calibration,
            CalibrationFile = calibration.Count == 0 && CalibrationFile.BesideModel(model) is var beside && File.Exists(beside) ? beside : null,
            Descriptions = described?.Descriptions ?? [],
            Tokens = described is null ? null : SpecialTokens.Read(model, described.Vocabulary),
            TrainingData = Files(TrainingData, "training"),
            ValidationData = Files(ValidationData, "validation"),
            Train = true,
            CheckpointFolder = choice.Recipe.Trains ? Path.ChangeExtension(output, ".checkpoints") : null,
            Resume = parseResult.GetValue(Resume),
            TrainCommand = TrainCommand(parseResult, model),
            Budget = FidelityBudget.Parse(parseResult.GetValue(MaxAccuracyLoss), parseResult.GetValue(MinSqnr)),
            Fidelity = FidelityKinds.Parse(parseResult.GetValue(Fidelity)),
            Target = TargetProfile.Parse(parseResult.GetValue(Target)),
            Verify = !parseResult.GetValue(NoVerify),
            Given =
            [
                .. new (Option Option, string Setting)[]
                {
                    (Compression, SettingNames.Compression),
                    (CalibrationData, SettingNames.CalibrationData),
                    (TrainingData, SettingNames.TrainingData),
                    (ValidationData, SettingNames.ValidationData),
                    (MaxAccuracyLoss, SettingNames.MaxAccuracyLoss),
                    (MinSqnr, SettingNames.MinSqnr),
                    (Fidelity, SettingNames.Fidelity),
                }
                    .Where(option => IsGiven(parseResult, option.Option))
                    .Select(option => option.Setting),
            ],
        };

        IReadOnlyList<string> Files(Option<string[]> option, string purpose) => Prepare(FileGlobs.Expand(parseResult.GetValue(option) ?? [], purpose));

        IReadOnlyList<string> Prepare(IReadOnlyList<string> files) => Descriptions.Prepare(parseResult, model, files, cancellationToken);
    }

    /// <summary>Returns the request to make the preparation of images a part of the model.</summary>
    /// <exception cref="CompressionException">MB1005: the image is described wrongly; MB1046: a file beside the model cannot be
    /// read.</exception>
    public PreprocessRequest Preprocess(ParseResult parseResult, string model, CancellationToken cancellationToken) =>
        new(
            Descriptions.Find(parseResult, model, cancellationToken).Of(ItemMetadata.Image),
            new ComparedPictures(FileGlobs.Expand(parseResult.GetValue(CalibrationData) ?? [], "calibration"))
        );

    /// <summary>Returns whether the command line has an option.</summary>
    public static bool IsGiven(ParseResult parseResult, Option option) => parseResult.GetResult(option) is { Implicit: false };

    private string TrainCommand(ParseResult parseResult, string model) =>
        TrainCommandLine.Of(
            model,
            [
                .. new Option<string?>[] { Compression, Recipe }.Select(option => (option.Name, parseResult.GetValue(option))),
                .. Values(parseResult, TrainingData) is { Length: > 0 } data ? data : [(TrainingData.Name, "FILES")],
                .. Values(parseResult, ValidationData),
                .. Values(parseResult, CalibrationData),
                .. new[] { MaxAccuracyLoss, MinSqnr, Fidelity }.Select(option => (option.Name, (string?)parseResult.GetValue(option))),
                (Target.Name, parseResult.GetValue(Target)),
            ]
        );

    private static (string Name, string? Value)[] Values(ParseResult parseResult, Option<string[]> option) =>
        [.. TrainCommandLine.Repeated(option.Name, parseResult.GetValue(option) ?? [])];

    private static RecipeChoice ChooseRecipe(string? compression, string? recipeFile, string model) =>
        compression is not null && recipeFile is not null
            ? throw new CompressionException(Codes.UnknownOption, "Set --compression or --recipe, not both.")
            : RecipeChoice.Of(compression, recipeFile, model);
}
