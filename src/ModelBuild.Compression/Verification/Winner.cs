namespace ModelBuild.Compression.Verification;

/// <summary>The class with the highest score.</summary>
internal static class Winner
{
    /// <summary>The first of the highest scores; −1, which is no class, where anything is not a number.</summary>
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
