Console.Error.WriteLine("There is no Models/ultraface_rfb320.onnx. FaceFinder.csproj says where it is published.");
return 2;
