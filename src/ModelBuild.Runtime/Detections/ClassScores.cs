namespace ModelBuild.Runtime.Detections;

/// <summary>Finds the best class of a box from the scores of its classes.</summary>
/// <param name="kind">The form of the scores.</param>
/// <param name="background">The class that means no object.</param>
/// <param name="labels">The number of labels; 0 if there are none.</param>
internal sealed class ClassScores(BoxScores kind, BoxBackground background, int labels)
{
    /// <summary>Returns the class with the highest score, leaving out the background, and its score.</summary>
    /// <param name="scores">The scores of all classes, at least one.</param>
    public (int Class, float Score) Best(ReadOnlySpan<float> scores)
    {
        var (first, end) = Objects(scores.Length);
        var best = first;
        for (var i = first + 1; i < end; i++)
            if (scores[i] > scores[best])
                best = i;
        return end > first ? (best - first, Score(scores, best)) : (0, 0);
    }

    /// <summary>Returns the score of one box with one score.</summary>
    public float Single(float score) => kind == BoxScores.Sigmoid ? Sigmoid(score) : score;

    /// <summary>Returns the index of a class that the model itself chose, reduced by one if the background is the first class.</summary>
    public int Chosen(int index) => background == BoxBackground.First ? index - 1 : index;

    public static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));

    private (int First, int End) Objects(int classes) =>
        background switch
        {
            BoxBackground.First => (1, classes),
            BoxBackground.Last => (0, classes - 1),
            BoxBackground.Automatic when classes == (labels == 0 ? 1 : labels) + 1 => (1, classes),
            _ => (0, classes),
        };

    private float Score(ReadOnlySpan<float> scores, int index)
    {
        if (kind != BoxScores.Softmax)
            return Single(scores[index]);
        var highest = System.Numerics.Tensors.TensorPrimitives.Max(scores);
        var sum = 0f;
        foreach (var score in scores)
            sum += MathF.Exp(score - highest);
        return MathF.Exp(scores[index] - highest) / sum;
    }
}
