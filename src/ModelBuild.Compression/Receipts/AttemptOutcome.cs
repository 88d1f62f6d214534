namespace ModelBuild.Compression.Receipts;

/// <summary>Specifies the outcome of a recipe that was tried.</summary>
internal enum AttemptOutcome
{
    /// <summary>The result of the recipe is deployed.</summary>
    Kept,

    /// <summary>The result of the recipe is not deployed.</summary>
    Refused,
}
