using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime.Loading;

/// <summary>
/// Opens a session with the first provider of a list that works here. Those behind it in the list, as far as they are there,
/// take the operators that it does not know.
/// </summary>
/// <param name="contract">What the model was generated for.</param>
/// <param name="options">How to load it.</param>
/// <param name="available">The providers that ONNX Runtime was built with.</param>
/// <param name="productsSaturate">Whether the processor needs help to multiply 8-bit integers (<see cref="IntegerProducts"/>).</param>
internal sealed class SessionFactory(ModelContract contract, ModelOptions options, IReadOnlyList<string> available, bool productsSaturate)
{
    private readonly List<string> _reasons = [];

    public (InferenceSession Session, string Provider) Open(ModelSource source)
    {
        IReadOnlyList<ModelProvider> wanted = options.Providers is { Count: > 0 } chosen
            ? chosen
            : contract.Providers.Count > 0 ? [.. contract.Providers.Select(name => new ModelProvider(name))] : [ProviderCatalog.Cpu];

        Exception? last = null;
        for (var first = 0; first < wanted.Count; first++)
        {
            using var session = NewOptions(source);
            if (!TryAppend(session, wanted[first]))
                continue;
            foreach (var next in wanted.Skip(first + 1))
                TryAppend(session, next, isQuiet: true);
            options.ConfigureSession?.Invoke(session);
            try
            {
                return (source.Open(session), wanted[first].Name);
            }
            catch (OnnxRuntimeException exception) when (wanted[first].Name != ProviderCatalog.Cpu)
            {
                _reasons.Add($"{wanted[first]}: {exception.Message}");
                last = exception;
            }
            catch (OnnxRuntimeException exception)
            {
                throw new ModelLoadException($"{source.Description} cannot be loaded: {exception.Message}", exception);
            }
        }

        throw new ModelProviderException(
            $"None of the execution providers that {contract.Name} may use runs here ({RuntimeInformation.RuntimeIdentifier}). "
            + string.Join(". ", _reasons) + $". Or add {ProviderCatalog.Cpu} to the list of providers, which runs everywhere.",
            last);
    }

    private SessionOptions NewOptions(ModelSource source)
    {
        var session = new SessionOptions();
        if (productsSaturate && source.Metadata(IntegerProducts.ArithmeticKey) == IntegerProducts.UnsignedBySigned)
            session.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
        if (options.Threads is { } threads)
            session.IntraOpNumThreads = threads;
        if (options.Spinning is { } spinning)
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        return session;
    }

    private bool TryAppend(SessionOptions session, ModelProvider provider, bool isQuiet = false)
    {
        var reason = Append(session, provider);
        if (reason is not null && !isQuiet)
            _reasons.Add($"{provider}: {reason}");
        return reason is null;
    }

    /// <summary>Adds a provider; what is in the way, when it cannot be added.</summary>
    private string? Append(SessionOptions session, ModelProvider provider)
    {
        if (ProviderCatalog.Find(provider.Name) is not { } info)
            return $"there is no provider of this name; there are {string.Join(", ", ProviderCatalog.Names)}";
        if (info.Name != ProviderCatalog.Cpu && !available.Contains(info.OrtName))
            return $"the ONNX Runtime of this application is built without it; reference the package {info.Package} instead of Microsoft.ML.OnnxRuntime";
        try
        {
            info.Append(session);
            return null;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            return $"{exception.Message.TrimEnd('.')}; it comes with the package {info.Package}";
        }
    }
}
