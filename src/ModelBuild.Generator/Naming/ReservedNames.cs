namespace ModelBuild.Generator.Naming;

/// <summary>Names that generated code needs for itself. Raw names stay as they are; only C# members move aside.</summary>
internal static class ReservedNames
{
    /// <summary>What a tensor's name gets appended when it would be one of these.</summary>
    public const string MemberSuffix = "Tensor";

    /// <summary>What a parameter's name gets appended when it would be one of these.</summary>
    public const string ParameterSuffix = "Value";

    /// <summary>Members of the class and of its nested types, and those that every type has.</summary>
    public static readonly string[] Members =
    [
        "Equals",
        "Finalize",
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
        "OpenStream",
        "OutputNames",
        "Placement",
        "Provider",
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

    /// <summary>Parameters that methods have beside the tensors'.</summary>
    public static readonly string[] Parameters = ["cancellationToken"];

    /// <summary>The same where one struct takes all inputs.</summary>
    public static readonly string[] ParametersBesideStruct = ["cancellationToken", "inputs"];
}
