using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>Adds providers to a session: built-in providers with their own methods, and providers of plug-in libraries with their devices.</summary>
/// <param name="available">The providers that ONNX Runtime was built with.</param>
internal sealed class ProviderAppender(IReadOnlyList<string> available)
{
    /// <summary>Adds a provider to the options of a session. The result is null, or the reason why the provider cannot be added.</summary>
    public string? Append(SessionOptions session, ModelProvider provider)
    {
        var info = ProviderCatalog.Find(provider.Name);
        if (info?.Name == ProviderCatalog.Cpu)
            return null;
        try
        {
            if (provider is not DeviceProvider && provider.Library is null && info is not null && available.Contains(info.OrtName))
                info.Append(session, provider.ToSettings());
            else if (!TryAppendDevices(session, provider, info?.OrtName ?? provider.Name))
                return Missing(provider, info);
            return null;
        }
        catch (Exception exception)
            when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException or FileNotFoundException)
        {
            return exception.Message.TrimEnd('.', '\n', ' ') + (info is null || provider.Library is not null ? "" : $"; it comes with {info.Source}");
        }
    }

    /// <summary>
    /// Determines whether no known provider and no device has the provider's name. The name is then misspelt, or the plug-in library was not loaded.
    /// </summary>
    public static bool IsUnknown(ModelProvider provider)
    {
        if (provider is DeviceProvider || provider.Library is not null || ProviderCatalog.Find(provider.Name) is not null)
            return false;
        try
        {
            return !HasDevice(provider.Name);
        }
        catch (Exception exception) when (exception is MissingMethodException or TypeLoadException)
        {
            return true;
        }
    }

    // This method is separate and not inlined, because older versions of ONNX Runtime lack a method that it calls. The exception is thus thrown here and not
    // when the caller is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasDevice(string ortName) => Preferred(ortName).Count > 0;

    /// <summary>Returns the message about an unknown provider name.</summary>
    public static string Unknown(string name) =>
        $"there is no provider of this name; there are {string.Join(", ", ProviderCatalog.Names)}, and those of plug-in libraries (ModelProvider.Library)."
        + ProviderHints.Hint(name);

    /// <summary>
    /// Determines whether the result of the provider's compilation can be stored. For plug-ins this is not known in advance, and the method returns true.
    /// </summary>
    public static bool Compiles(ModelProvider provider) => ProviderCatalog.Find(provider.Name) is { } info ? info.Compiles : provider.Library is not null;

    private static bool TryAppendDevices(SessionOptions session, ModelProvider provider, string ortName)
    {
        try
        {
            return AppendDevices(session, provider, ortName);
        }
        catch (Exception exception) when (exception is MissingMethodException or TypeLoadException)
        {
            // Older versions of ONNX Runtime do not support the selection of devices.
            return false;
        }
    }

    // This method is separate and not inlined, because older versions of ONNX Runtime lack a method that it calls. The exception is thus thrown here and not
    // when the caller is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AppendDevices(SessionOptions session, ModelProvider provider, string ortName)
    {
        if (provider.Library is { } library)
            ProviderLibrary.Load(library);
        var devices = (provider as DeviceProvider)?.Devices ?? Preferred(ortName);
        if (devices.Count == 0)
            return false;
        session.AppendExecutionProvider(OrtEnv.Instance(), [.. devices.Select(device => device.Handle)], provider.ToSettings());
        return true;
    }

    /// <summary>Returns the device for a provider that is named without devices: its first accelerator, or its first device.</summary>
    private static List<ModelDevice> Preferred(string ortName) =>
        [
            .. ModelDevices
                .All.Where(device => device.OrtName.Equals(ortName, StringComparison.OrdinalIgnoreCase))
                .OrderBy(device => device.Kind == ModelDeviceKind.Cpu)
                .Take(1),
        ];

    private static string Missing(ModelProvider provider, ProviderInfo? info)
    {
        if (provider.Library is { } library)
            return $"the plug-in library '{library}' has no device for this provider on this machine; ModelDevices.All lists the available devices";
        if (info is null)
            return Unknown(provider.Name);
        return info.IsPlugIn
            ? $"the ONNX Runtime of this application is built without it; add {info.Source}, "
                + $"and set its library: new ModelProvider(\"{info.Name}\") {{ Library = \"…\" }}"
            : $"the ONNX Runtime of this application is built without it; it comes with {info.Source}";
    }
}
