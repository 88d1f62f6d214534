namespace ModelBuild.Compression.Verification;

/// <summary>The similarity of the directions of the vectors of both models.</summary>
/// <param name="Mean">The mean cosine between vectors of the original and those of the compressed model.</param>
/// <param name="Worst">The smallest cosine.</param>
/// <param name="KeptNeighbours">The share (0…1) of the ten nearest neighbours of each sample that stay the same; null for fewer than 50 samples.</param>
/// <param name="SqnrDb">The signal-to-noise ratio of the vectors in dB, after each is scaled to length 1.</param>
internal sealed record CosineFigures(double Mean, double Worst, double? KeptNeighbours, double SqnrDb);
