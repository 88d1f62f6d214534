namespace ModelBuild.Compression.Tuning.Candidates;

/// <summary>
/// The recipes that every study begins with: the exact one, which shows whether the model and its data can be used, and each form for all layers alike.
/// </summary>
internal static class UniformRecipes
{
    /// <summary>The recipe for int8 arithmetic with ranges from data. The steps that it chooses are the basis of mixtures of integers and floats.</summary>
    public const string Integers = "int8";

    /// <summary>The recipes in their one-line form.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "optimize",
        "int8-weights least-squares gptq",
        Integers,
        "int4 least-squares gptq",
        "cluster",
        "int8-dynamic int8-weights",
        "int8-blocks int8-weights",
        "int8-weights",
        "int4",
        "cluster(256)",
        "float16-weights",
        "int8(best)",
    ];
}
