using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Compiled;
using ModelBuild.Runtime.Providers;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Loading;

/// <summary>
/// Opens a session with the first provider of a list that works on this machine. The later providers of the list run the operators that the first does not
/// support.
/// </summary>
/// <param name="contract">The contract of the generated class.</param>
/// <param name="options">The options for loading.</param>
/// <param name="available">The providers that ONNX Runtime was built with.</param>
/// <param name="productsSaturate">Whether sums of 8-bit integer products saturate on this processor (<see cref="IntegerProducts"/>).</param>
internal sealed class SessionFactory(ModelContract contract, ModelOptions options, IReadOnlyList<string> available, bool productsSaturate)
{
    private readonly ProviderAppender _appender = new(available);
    private readonly List<string> _reasons = [];

    /// <summary>Opens a session and returns it with the name of its provider and the lock of its device, which is null when none is needed.</summary>
    public (InferenceSession Session, string Provider, Lock? DeviceLock) Open(ModelSource source)
    {
        if (options.DevicePolicy is { } policy)
            return Choose(source, policy);
        IReadOnlyList<ModelProvider> wanted =
            options.Providers is { Count: > 0 } chosen ? chosen
            : contract.Providers.Count > 0 ? [.. contract.Providers.Select(name => new ModelProvider(name))]
            : [ProviderCatalog.Cpu];

        // An unknown name is refused, because with a misspelt name before 'cpu' the model would run on the CPU without a warning.
        if (wanted.FirstOrDefault(ProviderAppender.IsUnknown) is { } unknown)
            throw new ModelProviderException($"The providers of {contract.Name} name '{unknown}': {ProviderAppender.Unknown(unknown.Name)}");

        Exception? last = null;
        for (var first = 0; first < wanted.Count; first++)
        {
            using var session = NewOptions(source);
            if (!TryAppend(session, wanted[first]))
                continue;
            var deviceLock = DeviceLockOf(wanted[first].Name);
            // The CPU provider supports every operator, so that later providers in the list have nothing to run.
            foreach (var next in wanted.Skip(first).TakeWhile(provider => provider.Name != ProviderCatalog.Cpu).Skip(1))
                if (TryAppend(session, next, isQuiet: true))
                    deviceLock ??= DeviceLockOf(next.Name);
            options.ConfigureSession?.Invoke(session);
            try
            {
                using var held = new DeviceLock(deviceLock);
                return (OpenCompiled(source, wanted[first], session) ?? source.Open(session), wanted[first].Name, deviceLock);
            }
            catch (OnnxRuntimeException exception) when (wanted[first].Name != ProviderCatalog.Cpu)
            {
                _reasons.Add($"{wanted[first]}: {exception.Message}");
                last = exception;
            }
            catch (OnnxRuntimeException exception)
            {
                throw Unloadable(source, exception);
            }
        }

        throw new ModelProviderException(
            $"None of the execution providers that {contract.Name} may use runs here ({RuntimeInformation.RuntimeIdentifier}). "
                + string.Join(". ", _reasons)
                + $". Or add {ProviderCatalog.Cpu} to the list of providers, which runs everywhere.",
            last
        );
    }

    /// <summary>Opens the compiled model if the options request one and the provider compiles models; null when this fails.</summary>
    private InferenceSession? OpenCompiled(ModelSource source, ModelProvider provider, SessionOptions session) =>
        options.CompiledCache is { } cache && ProviderAppender.Compiles(provider)
            ? new CompiledModels(CompiledModels.Folder(cache, source), contract.Name, EpContextCompiler.Compile).Open(source, provider, session)
            : null;

    private (InferenceSession Session, string Provider, Lock? DeviceLock) Choose(ModelSource source, DevicePolicy policy)
    {
        if (options.Providers is not null)
            throw new ArgumentException($"ModelOptions has both Providers and DevicePolicy for {contract.Name}. Set only one of them.");
        using var session = NewOptions(source);
        session.SetEpSelectionPolicy(
            policy switch
            {
                DevicePolicy.PreferCpu => ExecutionProviderDevicePolicy.PREFER_CPU,
                DevicePolicy.PreferGpu => ExecutionProviderDevicePolicy.PREFER_GPU,
                DevicePolicy.PreferNpu => ExecutionProviderDevicePolicy.PREFER_NPU,
                DevicePolicy.MaximumPerformance => ExecutionProviderDevicePolicy.MAX_PERFORMANCE,
                DevicePolicy.MaximumEfficiency => ExecutionProviderDevicePolicy.MAX_EFFICIENCY,
                DevicePolicy.MinimumPower => ExecutionProviderDevicePolicy.MIN_OVERALL_POWER,
                _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
            }
        );
        options.ConfigureSession?.Invoke(session);
        try
        {
            // The provider is known only after the session is opened, so the lock of the first device that needs one is taken.
            using var held = new DeviceLock(
                ModelDevices.All.Select(device => DeviceLockOf(device.Provider)).FirstOrDefault(deviceLock => deviceLock is not null)
            );
            var opened = source.Open(session);
            var provider = Placement.MainProvider(opened);
            return (opened, provider, DeviceLockOf(provider));
        }
        catch (OnnxRuntimeException exception)
        {
            throw Unloadable(source, exception);
        }
    }

    private static Lock? DeviceLockOf(string provider) => ProviderCatalog.Find(provider)?.GetLock?.Invoke();

    private static ModelLoadException Unloadable(ModelSource source, OnnxRuntimeException exception) =>
        new($"{source.Description} cannot be loaded: {exception.Message}", exception);

    private SessionOptions NewOptions(ModelSource source)
    {
        var session = new SessionOptions();
        if (productsSaturate && source.Metadata(IntegerProducts.ArithmeticKey) == IntegerProducts.UnsignedBySigned)
            session.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
        if (options.Threads is { } threads)
            session.IntraOpNumThreads = threads;
        if (options.Spinning is { } spinning)
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        session.AddSessionConfigEntry(Placement.RecordOption, "1");
        return session;
    }

    private bool TryAppend(SessionOptions session, ModelProvider provider, bool isQuiet = false)
    {
        var reason = _appender.Append(session, provider);
        if (reason is not null && !isQuiet)
            _reasons.Add($"{provider}: {reason}");
        return reason is null;
    }
}
