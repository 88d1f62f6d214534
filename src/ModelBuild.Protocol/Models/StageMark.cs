namespace ModelBuild.Protocol;

/// <summary>What the file of one stage of a model that was cut says of itself in its metadata, beside the contract of its own inputs and outputs.</summary>
internal static class StageMark
{
    /// <summary>The key of its number and of how many there are: <c>1/2</c>.</summary>
    public const string NumberKey = "modelbuild.stage";

    /// <summary>The key of the hash of the whole model's contract.</summary>
    public const string SignatureKey = "modelbuild.stage.signature";

    /// <summary>The key of the SHA-256 of the whole model's file: stages of different builds do not fit together.</summary>
    public const string WholeKey = "modelbuild.stage.whole";
}
