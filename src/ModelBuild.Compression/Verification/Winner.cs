namespace ModelBuild.Compression.Verification;

/// <summary>Finds the class with the highest score in a row of scores.</summary>
internal static class Winner
{
    /// <summary>Returns the index of the first of the highest scores. The index is −1, which is no class, when any score is NaN.</summary>
    public static int Of(ReadOnlySpan<double> scores)
    {
        var top = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                return -1;
            if (scores[i] > scores[top])
                top = i;
        }

        return top;
    }
}
