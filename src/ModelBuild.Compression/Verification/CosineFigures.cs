namespace ModelBuild.Compression.Verification;

/// <summary>How near vectors are in direction.</summary>
/// <param name="Mean">The mean cosine of a vector of the original and the compressed model's.</param>
/// <param name="Worst">The least cosine.</param>
/// <param name="KeptNeighbours">Share (0…1) of the ten nearest neighbours of each sample that are the same; null for fewer than 50 samples.</param>
/// <param name="SqnrDb">The signal to noise ratio of the vectors, each scaled to the length 1, in dB.</param>
public sealed record CosineFigures(double Mean, double Worst, double? KeptNeighbours, double SqnrDb);
