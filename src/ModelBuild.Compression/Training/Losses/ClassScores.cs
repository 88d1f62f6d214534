namespace ModelBuild.Compression.Training.Losses;

/// <summary>The values with the scores of classes, [rows, classes], with or without further dimensions of size 1, before softmax.</summary>
/// <param name="Student">The value of the model that is trained.</param>
/// <param name="Teacher">The value of the teacher; null if the classes are not those of the teacher.</param>
internal sealed record ClassScores(string Student, string? Teacher)
{
    /// <summary>Whether a sigmoid makes a probability of each score by itself.</summary>
    public bool IsIndependent { get; init; }
}
