using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>One training step in the document of a trained file. Its constants are the tensors of the file.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Packed">The types and shapes of constants that are stored as bytes.</param>
/// <param name="Report">The facts about the training.</param>
internal sealed record StoredStep(string Step, IReadOnlyList<PackedConstant> Packed, TrainingReport Report);
