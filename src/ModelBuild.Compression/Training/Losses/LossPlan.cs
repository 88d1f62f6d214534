using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>A loss, and the values of the teacher that it reads.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="TeacherValues">The values of the teacher.</param>
/// <param name="UsesLabels">Whether the loss reads labels.</param>
internal sealed record LossPlan(ILoss Loss, IReadOnlyList<string> TeacherValues, bool UsesLabels);
