namespace ModelBuild.Compression.Options;

/// <summary>The value of an option that limits memory, in bytes. The step chooses the limit if the recipe contains <c>auto</c> or 0.</summary>
/// <param name="Bytes">The number of bytes; null for <c>auto</c>.</param>
internal readonly record struct MemorySize(long? Bytes)
{
    /// <summary>The description of the valid texts of the option, for messages.</summary>
    public const string Form = "auto or a size with a unit, such as 2GB or 500MB";

    private const string Auto = "auto";

    /// <summary>Reads <c>auto</c>, 0 or a size with a unit. Returns false when the text is none of them.</summary>
    public static bool TryParse(string text, out MemorySize size)
    {
        var isSize = ByteCount.TryParse(text, out var bytes, out var hasUnit) && hasUnit;
        size = new MemorySize(isSize ? bytes : null);
        return isSize || text is Auto or "0";
    }

    /// <summary>Returns the size as recipes write it.</summary>
    public override string ToString() => Bytes is { } bytes ? ByteCount.Format(bytes) : Auto;
}
