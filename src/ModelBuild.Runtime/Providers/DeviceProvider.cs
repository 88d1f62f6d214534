namespace ModelBuild.Runtime;

/// <summary>Selects certain hardware devices and the execution provider that runs models on them.</summary>
public sealed record DeviceProvider : ModelProvider
{
    /// <summary>Initializes a new instance of the <see cref="DeviceProvider"/> class for devices.</summary>
    /// <param name="devices">One or more devices of <see cref="ModelDevices.All"/> with the same provider.</param>
    /// <exception cref="ArgumentException">The list is empty, or the devices have different providers.</exception>
    public DeviceProvider(params IReadOnlyList<ModelDevice> devices)
        : base(NameOf(devices)) => Devices = devices;

    /// <summary>Gets the devices.</summary>
    public IReadOnlyList<ModelDevice> Devices { get; }

    private static string NameOf(IReadOnlyList<ModelDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var providers = devices.Select(device => device.Provider).Distinct(StringComparer.Ordinal).ToList();
        return providers is [var provider]
            ? provider
            : throw new ArgumentException(
                providers.Count == 0 ? "The list of devices is empty." : $"The devices must have the same provider. They have {string.Join(", ", providers)}.",
                nameof(devices)
            );
    }
}
