using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Represents a hardware device together with an execution provider that can run models on it.</summary>
public sealed class ModelDevice
{
    internal ModelDevice(OrtEpDevice handle)
    {
        Handle = handle;
        var hardware = handle.HardwareDevice;
        OrtName = handle.EpName;
        Provider = ProviderCatalog.ShortName(handle.EpName);
        ProviderVendor = handle.EpVendor;
        Kind = (ModelDeviceKind)hardware.Type;
        Vendor = hardware.Vendor;
        VendorId = hardware.VendorId;
        DeviceId = hardware.DeviceId;
        Metadata = handle
            .EpMetadata.Entries.Concat(hardware.Metadata.Entries)
            .DistinctBy(entry => entry.Key)
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
    }

    /// <summary>Gets the short name of the provider, such as <c>cpu</c> or <c>webgpu</c>.</summary>
    public string Provider { get; }

    /// <summary>Gets the vendor of the provider.</summary>
    public string ProviderVendor { get; }

    /// <summary>Gets the kind of hardware.</summary>
    public ModelDeviceKind Kind { get; }

    /// <summary>Gets the vendor of the hardware.</summary>
    public string Vendor { get; }

    /// <summary>Gets the PCI vendor ID.</summary>
    public uint VendorId { get; }

    /// <summary>Gets the PCI device ID, which is the same for two cards of one kind.</summary>
    public uint DeviceId { get; }

    /// <summary>Gets further properties that the provider and the operating system report, such as the versions of the provider and the driver.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    internal string Hardware => $"{Kind} {Vendor} {VendorId:x4}:{DeviceId:x4}";

    internal OrtEpDevice Handle { get; }

    internal string OrtName { get; }

    /// <summary>Returns the provider, the kind and the vendor.</summary>
    public override string ToString() => $"{Provider}: {Hardware}";
}
