using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>Rows of one form that run together, with the values between two blocks.</summary>
/// <param name="inputs">The inputs of the whole model.</param>
internal sealed class BlockBatch(Sample inputs)
{
    /// <summary>The inputs of the whole model.</summary>
    public Sample Inputs { get; } = inputs;

    /// <summary>The input of the block in the quantized model; null for the first block, which reads the inputs of the model.</summary>
    public SampleArray? Quantized { get; set; }

    /// <summary>The input of the block in the float model; null for the first block, which reads the inputs of the model.</summary>
    public SampleArray? Exact { get; set; }

    /// <summary>The outputs of the block in the float model, by name.</summary>
    public IReadOnlyDictionary<string, SampleArray> Targets { get; set; } = new Dictionary<string, SampleArray>(StringComparer.Ordinal);

    /// <summary>A text with the shapes of all inputs. Batches with equal texts share a session.</summary>
    public string Form { get; } = string.Join(';', inputs.Inputs.Select(input => $"{input.Key}:{string.Join(',', input.Value.Shape)}"));

    /// <summary>Returns the inputs of the model together with a value of the given name.</summary>
    public Sample With(string? name, SampleArray? value) =>
        name is null ? Inputs : new Sample(Inputs.Inputs.Append(KeyValuePair.Create(name, value!)).ToDictionary(StringComparer.Ordinal), Labels: null);
}
