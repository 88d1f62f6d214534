using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>What a session says of the hardware under it.</summary>
internal static class SessionDevices
{
    /// <summary>The devices that take the inputs, null for each input whose provider has no part in the device interface.</summary>
    public static IReadOnlyList<OrtEpDevice?> OfInputs(InferenceSession session)
    {
        try
        {
            return Ask(session);
        }
        catch (Exception exception) when (exception is MissingMethodException or TypeLoadException or OnnxRuntimeException)
        {
            return [];
        }
    }

    /// <summary>Words for the hardware that a provider uses in a session; null when nothing says it.</summary>
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

    // On its own, so that a missing method is an exception of the call and not of the caller's compilation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<OrtEpDevice?> Ask(InferenceSession session) => session.GetEpDeviceForInputs();
}
