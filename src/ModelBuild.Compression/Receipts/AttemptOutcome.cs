namespace ModelBuild.Compression.Receipts;

/// <summary>Specifies the outcome of a recipe that was tried.</summary>
internal enum AttemptOutcome
{
    /// <summary>Its result is deployed.</summary>
    Kept,

    /// <summary>Its result is not deployed.</summary>
    Refused,
}
