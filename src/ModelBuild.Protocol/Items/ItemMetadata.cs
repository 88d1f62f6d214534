namespace ModelBuild.Protocol;

/// <summary>Lists the metadata of <c>OnnxModel</c> items, in the order of the table in README.md.</summary>
internal static class ItemMetadata
{
    /// <summary>The value of <see cref="Preprocess"/> that makes the preparation of images a part of the model.</summary>
    public const string PreprocessGraph = "graph";

    public static readonly ItemField Compression = new("Compression", Affects.Both) { Default = "auto" };

    public static readonly ItemField Recipe = new("Recipe", Affects.Both);

    public static readonly ItemField CalibrationData = new("CalibrationData", Affects.Compression);

    public static readonly ItemField TrainingData = new("TrainingData", Affects.Compression);

    public static readonly ItemField ValidationData = new("ValidationData", Affects.Compression);

    public static readonly ItemField TrainedFile = new("TrainedFile", Affects.Compression) { IsItemOnly = true };

    public static readonly ItemField MaxAccuracyLoss = new("MaxAccuracyLoss", Affects.Compression) { Default = "1%" };

    public static readonly ItemField MinSqnr = new("MinSqnr", Affects.Compression);

    public static readonly ItemField Fidelity = new("Fidelity", Affects.Compression) { IsItemOnly = true };

    public static readonly ItemField MaxSize = new("MaxSize", Affects.Compression);

    public static readonly ItemField Providers = new("Providers", Affects.Signature) { Default = ProviderNames.Cpu };

    public static readonly ItemField ClassName = new("ClassName", Affects.Place) { IsItemOnly = true };

    public static readonly ItemField Names = new("Names", Affects.Signature) { IsItemOnly = true };

    public static readonly ItemField Namespace = new("Namespace", Affects.Signature) { IsOption = true };

    public static readonly ItemField Access = new("Access", Affects.Signature)
    {
        Default = "internal",
        Words = ["internal", "public"],
        IsOption = true,
    };

    public static readonly ItemField Labels = new("Labels", Affects.Both);

    public static readonly ItemField Image = new("Image", Affects.Both) { IsItemOnly = true, IsDescription = true };

    public static readonly ItemField Preprocess = new("Preprocess", Affects.Both)
    {
        Default = "none",
        Words = ["none", PreprocessGraph],
        IsItemOnly = true,
    };

    public static readonly ItemField Boxes = new("Boxes", Affects.Both) { IsItemOnly = true, IsDescription = true };

    public static readonly ItemField Map = new("Map", Affects.Both) { IsItemOnly = true, IsDescription = true };

    public static readonly ItemField Audio = new("Audio", Affects.Both) { IsItemOnly = true, IsDescription = true };

    public static readonly ItemField Tokenizer = new("Tokenizer", Affects.Both) { IsItemOnly = true, IsDescription = true };

    public static readonly ItemField State = new("State", Affects.Signature) { IsItemOnly = true };

    public static readonly ItemField Stages = new("Stages", Affects.Both) { Default = "1" };

    public static readonly ItemField Deploy = new("Deploy", Affects.Signature) { Default = "copy", Words = ["copy", "embed", "none"] };

    /// <summary>Gets all metadata.</summary>
    public static IReadOnlyList<ItemField> All { get; } =
    [
        Compression,
        Recipe,
        CalibrationData,
        TrainingData,
        ValidationData,
        TrainedFile,
        MaxAccuracyLoss,
        MinSqnr,
        Fidelity,
        MaxSize,
        Providers,
        ClassName,
        Names,
        Namespace,
        Access,
        Labels,
        Image,
        Preprocess,
        Boxes,
        Map,
        Audio,
        Tokenizer,
        State,
        Stages,
        Deploy,
    ];

    /// <summary>Gets the names of all metadata.</summary>
    public static IReadOnlyList<string> AllNames { get; } = [.. All.Select(field => field.Name)];
}
