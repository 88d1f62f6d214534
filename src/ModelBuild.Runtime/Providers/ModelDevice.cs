using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>A piece of hardware and an execution provider that can run models on it.</summary>
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

    /// <summary>The provider's name, such as <c>cpu</c> or <c>webgpu</c>.</summary>
    public string Provider { get; }

    /// <summary>Who makes the provider.</summary>
    public string ProviderVendor { get; }

    /// <summary>What kind of hardware it is.</summary>
    public ModelDeviceKind Kind { get; }

    /// <summary>Who makes the hardware.</summary>
    public string Vendor { get; }

    /// <summary>The maker's number on the PCI bus.</summary>
    public uint VendorId { get; }

    /// <summary>The model's number on the PCI bus: the same for two cards of one kind.</summary>
    public uint DeviceId { get; }

    /// <summary>What else provider and system say of it, such as versions of provider and driver.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    internal string Hardware => $"{Kind} {Vendor} {VendorId:x4}:{DeviceId:x4}";

    internal OrtEpDevice Handle { get; }

    internal string OrtName { get; }

    /// <summary>Provider, kind and maker.</summary>
    public override string ToString() => $"{Provider}: {Hardware}";
}
