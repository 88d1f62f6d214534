namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Computes the logarithms of the probabilities that follow from the scores of a row.</summary>
internal static class Probabilities
{
    /// <summary>Returns the natural logarithms of the probabilities of a row's classes.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="isIndependent">Whether a sigmoid makes a probability of each score by itself; otherwise softmax makes them of all scores.</param>
    public static double[] Logarithms(ReadOnlySpan<float> scores, bool isIndependent)
    {
        var result = new double[scores.Length];
        if (isIndependent)
        {
            for (var i = 0; i < scores.Length; i++)
                result[i] = Math.Min(scores[i], 0) - Math.Log(1 + Math.Exp(-Math.Abs((double)scores[i])));
            return result;
        }

        var (largest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var score in scores)
            largest = Math.Max(largest, score);
        foreach (var score in scores)
            sum += Math.Exp(score - largest);
        for (var i = 0; i < scores.Length; i++)
            result[i] = scores[i] - largest - Math.Log(sum);
        return result;
    }

    /// <summary>Returns the class with the largest probability, the first of several.</summary>
    public static int Top(double[] logarithms) => Array.IndexOf(logarithms, logarithms.Max());

    /// <summary>Returns the Kullback–Leibler divergence of a distribution from that of the teacher.</summary>
    public static double Divergence(double[] teacher, double[] student)
    {
        var sum = 0.0;
        for (var i = 0; i < teacher.Length; i++)
            if (Math.Exp(teacher[i]) is > 0 and var probability)
                sum += probability * (teacher[i] - student[i]);
        return Math.Max(0, sum);
    }
}
