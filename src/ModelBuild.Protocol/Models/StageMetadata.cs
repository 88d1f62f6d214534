namespace ModelBuild.Protocol;

/// <summary>Lists the metadata keys in the file of one stage, in addition to those of the contract of its inputs and outputs.</summary>
internal static class StageMetadata
{
    /// <summary>The key of the number of the stage and the number of stages: <c>1/2</c>.</summary>
    public const string NumberKey = "modelbuild.stage";

    /// <summary>The key of the hash of the whole model's contract.</summary>
    public const string SignatureKey = "modelbuild.stage.signature";

    /// <summary>The key of the SHA-256 of the whole model's file. Stages with different values come from different builds and cannot be combined.</summary>
    public const string WholeKey = "modelbuild.stage.whole";
}
