using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>Reads the hardware devices that a session uses.</summary>
internal static class SessionDevices
{
    /// <summary>Returns the devices of a session's inputs; an element is null when the provider has no device support.</summary>
    public static IReadOnlyList<OrtEpDevice?> OfInputs(InferenceSession session)
    {
        try
        {
            return Query(session);
        }
        catch (Exception exception) when (exception is MissingMethodException or TypeLoadException or OnnxRuntimeException)
        {
            return [];
        }
    }

    /// <summary>Returns the description of the hardware that a provider uses in a session; null when it is not known.</summary>
    public static string? Find(InferenceSession session, string ortName)
    {
        var device =
            OfInputs(session).FirstOrDefault(device => device?.EpName == ortName)
            ?? (ortName == "CPUExecutionProvider" ? OrtEnv.Instance().GetEpDevices().FirstOrDefault(device => device.EpName == ortName) : null);
        if (device is not null)
            return new ModelDevice(device).Hardware;
        if (ortName == "CPUExecutionProvider")
            return null;
        using var inputs = session.GetMemoryInfosForInputs();
        return inputs.Where(memory => memory.Name != "Cpu").Select(memory => $"{memory.Name}:{memory.Id}").FirstOrDefault();
    }

    // This method is separate and not inlined, because older versions of ONNX Runtime lack a method that it calls. The exception is thus thrown here and not
    // when the caller is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<OrtEpDevice?> Query(InferenceSession session) => session.GetEpDeviceForInputs();
}
