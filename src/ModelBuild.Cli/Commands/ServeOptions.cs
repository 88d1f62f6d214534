using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Serving;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;

namespace ModelBuild.Cli.Commands;

/// <summary>Provides the options of <c>modelbuild serve</c>.</summary>
internal sealed class ServeOptions
{
    private const long LargestRequest = 1_000_000_000;

    private Option<string[]> Names { get; } =
        new("--name")
        {
            Description = "The name of a model in addresses, once for each model in their order. Default: that of its file.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };

    private Option<string> Url { get; } =
        new("--url")
        {
            Description = "The address of HTTP. http://0.0.0.0:5000 listens on all addresses of this machine, http://[::]:5000 also on those of IPv6.",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:5000",
        };

    private Option<string?> RpcUrl { get; } =
        new("--grpc-url") { Description = "The address of gRPC, such as http://127.0.0.1:5001. Default: none.", HelpName = "URL" };

    private Option<string> Provider { get; } =
        new("--provider")
        {
            Description = $"The execution provider: {string.Join(", ", ProviderNames.All)}. The loaded ONNX Runtime must have it.",
            HelpName = "NAME",
            DefaultValueFactory = _ => ProviderNames.Cpu,
        };

    private Option<int?> Threads { get; } = new("--threads") { Description = "The number of threads of a run. Default: one for each core.", HelpName = "N" };

    private Option<int> MaxBatch { get; } =
        new("--max-batch")
        {
            Description = "The largest number of rows of a run, which combines the rows of several requests. 1 runs each request alone.",
            HelpName = "ROWS",
            DefaultValueFactory = _ => 32,
        };

    private Option<int> MaxRequests { get; } =
        new("--max-requests")
        {
            Description = "The largest number of inference requests that are read, wait or run at the same time.",
            HelpName = "N",
            DefaultValueFactory = _ => 256,
        };

    private Option<string?> MaxRequestSize { get; } =
        new("--max-request-size")
        {
            Description = "The largest size of a request, such as 100MB, up to 1GB. Default: 64 MiB, which are 67108864 bytes.",
            HelpName = "SIZE",
        };

    /// <summary>Gets the options in the order of the help.</summary>
    public IEnumerable<Option> All => [Names, Url, RpcUrl, Provider, Threads, MaxBatch, MaxRequests, MaxRequestSize];

    /// <summary>Reads the request to the server from the options.</summary>
    /// <param name="parseResult">The command line.</param>
    /// <param name="paths">The paths of the models.</param>
    /// <exception cref="CompressionException">MB1005: an option has a wrong value.</exception>
    /// <exception cref="FileNotFoundException">No ONNX Runtime was found.</exception>
    public ServeRequest Read(ParseResult parseResult, IReadOnlyList<string> paths)
    {
        var provider = parseResult.GetValue(Provider)!;
        var (url, rpcUrl) = (parseResult.GetValue(Url)!, parseResult.GetValue(RpcUrl));
        var (address, rpcAddress) = (ServerAddress.Parse(Url.Name, url), rpcUrl is null ? null : ServerAddress.Parse(RpcUrl.Name, rpcUrl));
        if (address.Port > 0 && address.Equals(rpcAddress))
            throw Wrong($"{Url.Name} and {RpcUrl.Name} are both {url}. Without TLS, gRPC needs a port of its own.");
        return new ServeRequest
        {
            Models = Models(parseResult.GetValue(Names)!, paths),
            Address = address.ToString(),
            RpcAddress = rpcAddress?.ToString(),
            Provider =
                ProviderNames.Find(provider)
                ?? throw Wrong($"{Provider.Name} '{provider}' is not an execution provider; there are {string.Join(", ", ProviderNames.All)}."),
            Threads = parseResult.GetValue(Threads) is { } threads ? Positive(Threads.Name, threads) : null,
            MaxBatch = Positive(MaxBatch.Name, parseResult.GetValue(MaxBatch)),
            MaxRequests = Positive(MaxRequests.Name, parseResult.GetValue(MaxRequests)),
            MaxRequestBytes = parseResult.GetValue(MaxRequestSize) is { } size ? Bytes(size) : null,
            OnnxRuntimeManaged = Runtime.Managed,
            OnnxRuntimeNative = Runtime.NativeFolder,
        };
    }

    // Gets the ONNX Runtime of this process. Without one, the error has the same text as for all other commands.
    private static OnnxRuntimeLocation Runtime => OnnxRuntimeLoader.Location ?? throw new FileNotFoundException(null, "Microsoft.ML.OnnxRuntime");

    private ServeModel[] Models(string[] names, IReadOnlyList<string> paths)
    {
        if (names.Length > 0 && names.Length != paths.Count)
            throw Wrong($"There are {paths.Count} models and {names.Length} {Names.Name}. Name each model, in their order.");
        ServeModel[] models = [.. paths.Select((path, i) => new ServeModel(names.Length > 0 ? names[i] : Path.GetFileNameWithoutExtension(path), path))];
        if (Array.Find(models, model => model.Name is "" or "." or ".." || model.Name.Contains('/', StringComparison.Ordinal)) is { } wrong)
            throw Wrong($"{Names.Name} '{wrong.Name}' must be a name without a slash, and neither '.' nor '..', which clients remove from addresses.");
        if (models.GroupBy(model => model.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Wrong($"Two models have the name '{twice.Key}'. Set other names with {Names.Name}.");
        return models;
    }

    private int Bytes(string text) =>
        ByteCount.TryParse(text, out var bytes, out _) && bytes <= LargestRequest
            ? (int)bytes
            : throw Wrong($"{MaxRequestSize.Name} '{text}' must be a size up to 1GB, such as 100MB.");

    private static int Positive(string option, int number) => number > 0 ? number : throw Wrong($"{option} {number}: the number must be 1 or more.");

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
