using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tuning.Results;

/// <summary>The result of one recipe.</summary>
internal sealed record TrialResult
{
    /// <summary>The recipe in its one-line form, in which each step that chooses is replaced by the steps that it chose.</summary>
    public required string Written { get; init; }

    /// <summary>The size of the model in bytes, including external data.</summary>
    public required long Bytes { get; init; }

    /// <summary>The size of the model's files in bytes after deflate.</summary>
    public required long ZippedBytes { get; init; }

    /// <summary>The multiply-adds of one call.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>
    /// The predicted time of a call relative to that of the original after <c>optimize</c>, with two digits; null if the target has no table of costs.
    /// </summary>
    public required double? PredictedTime { get; init; }

    /// <summary>The fidelity of the outputs on held-out samples.</summary>
    public required IReadOnlyList<FidelityFacts> Outputs { get; init; }

    /// <summary>The SQNR of the worst output that was compared, in dB; 200 for identical outputs.</summary>
    public required double SqnrDb { get; init; }

    /// <summary>The number of held-out samples on which the outputs were compared.</summary>
    public required long Judged { get; init; }

    /// <summary>
    /// The estimated loss of accuracy, or share of changed decisions, of class scores, from 0 to 1; null if no output is limited by it. See
    /// <see cref="Results.ExpectedLoss"/>.
    /// </summary>
    public required double? ExpectedLoss { get; init; }

    /// <summary>Whether each output is within its limit, and the estimated loss is as well.</summary>
    public required bool IsWithinBudget { get; init; }

    /// <summary>The SHA-256 of the model's files.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether the outputs are those of the original.</summary>
    public bool IsIdentical => SqnrDb >= OutputFidelity.IdenticalDb;
}
