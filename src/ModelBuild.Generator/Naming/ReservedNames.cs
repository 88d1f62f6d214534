namespace ModelBuild.Generator.Naming;

/// <summary>
/// Lists the names that generated code uses for its own members and parameters. A tensor with such a name gets a suffix in C#; its name in the model stays the
/// same.
/// </summary>
internal static class ReservedNames
{
    /// <summary>The suffix of a tensor whose name is that of a reserved member.</summary>
    public const string MemberSuffix = "Tensor";

    /// <summary>The suffix of a parameter whose name is that of a reserved parameter.</summary>
    public const string ParameterSuffix = "Value";

    /// <summary>The names of the members of the class and its nested types, and of the members of every type.</summary>
    public static readonly string[] Members =
    [
        "Equals",
        "Finalize",
        "Generate",
        "GetHashCode",
        "GetType",
        "MemberwiseClone",
        "ReferenceEquals",
        "ToString",
        "Batcher",
        "Dispose",
        "Fake",
        "Inputs",
        "InputNames",
        "Labels",
        "Load",
        "OpenBatcher",
        "OpenGeneration",
        "OpenStream",
        "OutputNames",
        "Placement",
        "Provider",
        "Record",
        "Reload",
        "Result",
        "Run",
        "RunAsync",
        "Session",
        "Signature",
        "Stream",
        "Top",
        "TopLabel",
        "WarmUp",
    ];

    /// <summary>The names of the parameters of generated methods other than those for tensors.</summary>
    public static readonly string[] Parameters = ["cancellationToken"];

    /// <summary>The names of the parameters of generated methods that have one struct for all inputs.</summary>
    public static readonly string[] ParametersBesideStruct = ["cancellationToken", "inputs"];
}
