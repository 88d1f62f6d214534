namespace ModelBuild.Compression.Search;

/// <summary>One candidate that a search ran. Each trial is an object of its own, even where two have the same candidate and figure.</summary>
/// <param name="subject">The candidate.</param>
/// <param name="name">The name of the candidate in receipts and in the log.</param>
/// <param name="sqnrDb">The SQNR of the worst output on held-out samples, in dB.</param>
internal sealed class Trial<T>(T subject, string name, double sqnrDb)
{
    /// <summary>The candidate that the search ran.</summary>
    public T Subject => subject;

    /// <summary>The name of the candidate in receipts and in the log.</summary>
    public string Name => name;

    /// <summary>The SQNR of the worst output on held-out samples, in dB.</summary>
    public double SqnrDb => sqnrDb;

    /// <summary>The size of the candidate's model in bytes; null if it was not measured.</summary>
    public long? Bytes { get; init; }
}
