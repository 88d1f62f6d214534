namespace ModelBuild.Runtime;

/// <summary>The provider of certain devices, on these alone.</summary>
public sealed record DeviceProvider : ModelProvider
{
    /// <summary>Chooses devices.</summary>
    /// <param name="devices">One or more of <see cref="ModelDevices.All"/>, all of the same provider.</param>
    /// <exception cref="ArgumentException">There are none, or they have different providers.</exception>
    public DeviceProvider(params IReadOnlyList<ModelDevice> devices)
        : base(NameOf(devices)) => Devices = devices;

    /// <summary>The devices.</summary>
    public IReadOnlyList<ModelDevice> Devices { get; }

    private static string NameOf(IReadOnlyList<ModelDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var providers = devices.Select(device => device.Provider).Distinct(StringComparer.Ordinal).ToList();
        return providers is [var provider]
            ? provider
            : throw new ArgumentException(
                $"Devices of one provider, please, not of {(providers.Count == 0 ? "none" : string.Join(", ", providers))}.",
                nameof(devices)
            );
    }
}
