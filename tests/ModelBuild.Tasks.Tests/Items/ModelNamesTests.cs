using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Tests.Items;

public sealed class ModelNamesTests
{
    private static readonly string _folder = Path.Combine(Path.GetTempPath(), "repository", "source");

    [Theory]
    [InlineData("digits/model.onnx", "DigitsModel")]
    [InlineData("Models/digits/model.onnx", "DigitsModel")]
    [InlineData("digits-model/model.onnx", "DigitsModel")]
    [InlineData("Models/all-MiniLM-L6-v2/onnx/model.onnx", "AllMiniLML6V2Model")]
    [InlineData("Models/all-MiniLM-L6-v2/onnx/model_quantized.onnx", "AllMiniLML6V2QuantizedModel")]
    [InlineData("Models/all-MiniLM-L6-v2/onnx/model_fp16.onnx", "AllMiniLML6V2Fp16Model")]
    [InlineData("Models/all-MiniLM-L6-v2/onnx/model_qint8_avx512_vnni.onnx", "AllMiniLML6V2Qint8Avx512VnniModel")]
    [InlineData("Models/bert/onnx/model_O4.onnx", "BertO4Model")]
    [InlineData("model_repository/densenet/1/model.onnx", "DensenetModel")]
    [InlineData("8bit/model.onnx", "_8bitModel")]
    [InlineData("sd/text_encoder/model.onnx", "TextEncoderModel")]
    // The name of the file is specific enough for a class name.
    [InlineData("bert/onnx/decoder_model.onnx", "DecoderModel")]
    [InlineData("bert/onnx/decoder_with_past_model.onnx", "DecoderWithPastModel")]
    [InlineData("bert/int8.onnx", "Int8Model")]
    [InlineData("bert/digits.onnx", "DigitsModel")]
    // The names contain numbers of a model, or no letters.
    [InlineData("digits/model_v2.onnx", "DigitsV2Model")]
    [InlineData("digits/model2.onnx", "Digits2Model")]
    [InlineData("mnist-8/model1.onnx", "Mnist8_1Model")]
    [InlineData("digits/__.onnx", "DigitsModel")]
    [InlineData("digits/---/model.onnx", "DigitsModel")]
    // No folder inside the project has a specific name, and folders outside the project are ignored.
    [InlineData("model.onnx", "Model")]
    [InlineData("Model.onnx", "Model")]
    [InlineData("__.onnx", "Model")]
    [InlineData("model_int8.onnx", "Int8Model")]
    [InlineData("model2.onnx", "Model2")]
    [InlineData("model-1.2.onnx", "Model1_2")]
    [InlineData("Assets/Models/model.onnx", "Model")]
    [InlineData("onnx_models/v2/model.onnx", "Model")]
    // The file is linked from another folder. The search for a name ends at the folder that contains both the model and the project.
    [InlineData("../models/digits/onnx/model.onnx", "DigitsModel")]
    [InlineData("../models/model.onnx", "Model")]
    public void A_name_that_says_nothing_is_the_folders(string model, string expected)
    {
        var path = Path.GetFullPath(Path.Combine(_folder, model));
        var name = ModelNames.ClassName(path, Path.Combine(_folder, "My.App.csproj"));

        Assert.Equal(expected, name);
        Assert.True(ClassNames.IsIdentifier(name));
    }
}
