namespace ModelBuild.Compression.Pages.Charts;

/// <summary>A result in the chart of sizes and fidelities.</summary>
/// <param name="Name">The recipe or the variant.</param>
/// <param name="Bytes">The size in bytes.</param>
/// <param name="SqnrDb">The SQNR of the worst output in dB.</param>
/// <param name="IsKept">Whether the result is deployed.</param>
/// <param name="IsTrial">Whether it is an alternative inside of a recipe, which was measured before the later steps.</param>
internal sealed record TriedPoint(string Name, long Bytes, double SqnrDb, bool IsKept, bool IsTrial)
{
    /// <summary>Returns the points to which no other is both smaller and nearer to the original, from the smallest to the largest.</summary>
    public static IReadOnlyList<TriedPoint> Front(IReadOnlyList<TriedPoint> points)
    {
        var front = new List<TriedPoint>();
        foreach (var point in points.OrderBy(point => point.Bytes).ThenByDescending(point => point.SqnrDb))
            if (front.Count == 0 || point.SqnrDb > front[^1].SqnrDb)
                front.Add(point);
        return front;
    }
}
