using ModelBuild.Runtime;

namespace ModelBuild.Serving;

/// <summary>Contains the options of a server of models: which models it serves, and its limits.</summary>
public sealed class ModelServingOptions
{
    /// <summary>The number of bytes of memory that the shortest body of a request occupies.</summary>
    internal const int SmallestBody = 16 * 1024;

    private const long DefaultBufferedBytes = 512L * 1024 * 1024;

    private readonly List<ServedFile> _files = [];
    private readonly Dictionary<string, (string Name, string Version)> _names = new(StringComparer.Ordinal);
    private long? _maxBufferedBytes;

    /// <summary>
    /// Gets or sets the largest number of bytes of the body of a request; the default is 64 MiB, and the maximum is 1 GiB. A larger body is refused with the
    /// status 413.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Gets or sets the largest number of bytes that the bodies of all requests occupy together. The default is 512 MiB, or three times
    /// <see cref="MaxRequestBytes"/> if that is more. A request that would exceed it is refused with the status 503. Memory is counted when bytes arrive, so
    /// that
    /// a declared length alone occupies none. A body that grows occupies up to three times its length for a moment, so that a smaller value than three times
    /// <see cref="MaxRequestBytes"/> is refused when the server starts. The smallest value is 48 KiB.
    /// </summary>
    public long MaxBufferedBytes
    {
        get => _maxBufferedBytes ?? Math.Max(DefaultBufferedBytes, LargestBody);
        set => _maxBufferedBytes = value;
    }

    /// <summary>
    /// Gets or sets the largest number of inference requests that are read, wait or run at the same time; the default is 256. Further requests are refused with
    /// the status 503.
    /// </summary>
    public int MaxConcurrentRequests { get; set; } = 256;

    /// <summary>
    /// Gets or sets the time in which the body of a request must arrive; the default is 30 seconds. A slower request is refused with the status 408.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets how the rows of concurrent requests are combined into runs; null to run each request alone. Models whose inputs and outputs do not all
    /// begin with the same dynamic dimension always run each request alone.
    /// </summary>
    public BatcherOptions? Batching { get; set; } = new();

    internal IReadOnlyList<ServedFile> Files => _files;

    // The largest number of bytes of memory that the body of one request occupies. While a body grows, both its array and a new one of twice the size exist,
    // because the pool rounds sizes to powers of two.
    private long LargestBody => 3L * Math.Max(SmallestBody, MaxRequestBytes);

    /// <summary>Serves an ONNX file for which no class was generated.</summary>
    /// <param name="name">The name of the model in addresses.</param>
    /// <param name="path">The path of the file, absolute or relative to the current directory.</param>
    /// <param name="options">The options for loading; null for the defaults.</param>
    /// <param name="version">The version of the model. Several files may have the same name and different versions.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The name or the version is empty, has a slash, or is <c>.</c> or <c>..</c>.</exception>
    public ModelServingOptions AddFile(string name, string path, ModelOptions? options = null, string version = "1")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(name);
        Check(version);
        _files.Add(new ServedFile(name, version, path, options));
        return this;
    }

    /// <summary>Serves a model of the services under another name than its key or the name of its class.</summary>
    /// <param name="model">The key of the service, or the name of the class without its namespace.</param>
    /// <param name="name">The name of the model in addresses.</param>
    /// <param name="version">The version of the model.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The name or the version is empty, has a slash, or is <c>.</c> or <c>..</c>.</exception>
    public ModelServingOptions Rename(string model, string name, string version = "1")
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        Check(name);
        Check(version);
        _names[model] = (name, version);
        return this;
    }

    /// <summary>Returns the name and the version under which a model of the services is served.</summary>
    internal (string Name, string Version) NameOf(string model) => _names.TryGetValue(model, out var name) ? name : (model, "1");

    /// <summary>Checks that the limits are valid and consistent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive, too large, or too small for another one.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRequestBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRequestBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBufferedBytes, LargestBody);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConcurrentRequests);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReadTimeout, TimeSpan.Zero);
    }

    private static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' has a slash, which addresses of models cannot have.", nameof(name));
        if (name is "." or "..")
            throw new ArgumentException($"Clients remove '{name}' from addresses, so that no model can have this name or version.", nameof(name));
    }
}
