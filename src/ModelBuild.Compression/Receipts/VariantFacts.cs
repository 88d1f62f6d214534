namespace ModelBuild.Compression.Receipts;

/// <summary>A variant of a recipe that was tried, with its size and fidelity.</summary>
/// <param name="Name">The name, which distinguishes the variant from others.</param>
/// <param name="Bytes">The size of its result on disk in bytes.</param>
/// <param name="SqnrDb">The SQNR of its worst output in dB.</param>
internal sealed record VariantFacts(string Name, long Bytes, double SqnrDb);
